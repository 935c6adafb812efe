import type { CodecVersion } from '../../model/ports.ts';
import type { CodecBody, CodecStore, StoredCodec } from '../codecs.ts';
import type { Database } from './database.ts';

const COLUMNS = 'profile, version, created_at, created_by, active, activated_at, activated_by';

export class SqliteCodecStore implements CodecStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ profile, body, createdAt, createdBy }: Parameters<CodecStore['add']>[0]): Promise<CodecVersion> {
    return this.#database.transaction(() => {
      const row = this.#database
        .statement(
          `INSERT INTO codec_version (profile, version, created_at, created_by, active, activated_at, activated_by, body)
           SELECT $profile, n + 1, $at, $by, n = 0, iif(n = 0, $at, NULL), iif(n = 0, $by, NULL), $body
           FROM (SELECT coalesce(max(version), 0) AS n FROM codec_version WHERE profile = $profile)
           RETURNING ${COLUMNS}`,
        )
        .get({ $profile: profile, $at: createdAt, $by: createdBy, $body: JSON.stringify(body) });
      return versionOf(row as Row);
    });
  }

  async version(profile: string, version: number): Promise<StoredCodec | undefined> {
    const row = this.#database
      .statement(`SELECT ${COLUMNS}, body FROM codec_version WHERE profile = ? AND version = ?`)
      .get(profile, version);
    return row && codecOf(row);
  }

  async versions(profile?: string): Promise<CodecVersion[]> {
    const where = profile === undefined ? '' : 'WHERE profile = ?';
    return this.#database
      .statement(`SELECT ${COLUMNS} FROM codec_version ${where} ORDER BY profile, version DESC`)
      .all(...(profile === undefined ? [] : [profile]))
      .map(versionOf);
  }

  async active(): Promise<StoredCodec[]> {
    return this.#database
      .statement(`SELECT ${COLUMNS}, body FROM codec_version WHERE active = 1 ORDER BY profile`)
      .all()
      .map(codecOf);
  }

  async activate({
    profile,
    version,
    at,
    by,
  }: Parameters<CodecStore['activate']>[0]): Promise<CodecVersion | undefined> {
    return this.#database.transaction(() => {
      const exists = this.#database
        .statement('SELECT 1 FROM codec_version WHERE profile = ? AND version = ?')
        .get(profile, version);
      if (!exists) return undefined;
      this.#database.statement('UPDATE codec_version SET active = 0 WHERE profile = ? AND active = 1').run(profile);
      const row = this.#database
        .statement(
          `UPDATE codec_version SET active = 1, activated_at = ?, activated_by = ? WHERE profile = ? AND version = ?
           RETURNING ${COLUMNS}`,
        )
        .get(at, by, profile, version);
      return versionOf(row as Row);
    });
  }
}

type Row = Record<string, unknown>;

const versionOf = (row: Row): CodecVersion => ({
  profile: row.profile as string,
  version: row.version as number,
  createdAt: row.created_at as number,
  createdBy: row.created_by as string,
  active: row.active === 1,
  ...(row.activated_at !== null && {
    activatedAt: row.activated_at as number,
    activatedBy: row.activated_by as string,
  }),
});

const codecOf = (row: Row): StoredCodec => ({ ...versionOf(row), body: JSON.parse(row.body as string) as CodecBody });

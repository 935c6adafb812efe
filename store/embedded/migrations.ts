/**
 * The schema, one step an entry, forward only: never change an entry that was released, append another.
 * Step n brings `PRAGMA user_version` from n - 1 to n.
 */
export const migrations: readonly string[] = [
  `
  -- Names that would otherwise be repeated in millions of rows.
  CREATE TABLE network (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE device_ref (id INTEGER PRIMARY KEY, dev_eui TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE gateway (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE source (
    id INTEGER PRIMARY KEY, codec TEXT NOT NULL, deployment TEXT NOT NULL, UNIQUE (codec, deployment)
  ) STRICT;

  -- What network servers handed over, verbatim. crc is the CRC-32 of the body: SQLite does not notice a flipped bit.
  CREATE TABLE journal (
    position INTEGER PRIMARY KEY,
    network INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    device INTEGER,
    received_at INTEGER,
    arrived_at INTEGER NOT NULL,
    topic INTEGER,
    body BLOB NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;

  -- The entries of one device. Written by the projection, in larger batches than entries arrive: an index on the journal
  -- itself would dirty a page per device with every commit.
  CREATE TABLE device_entry (
    device INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (device, position)
  ) STRICT, WITHOUT ROWID;

  -- What makes two messages the same; outlives pruned journal rows. Bucketed by receive time so that inserts stay local.
  CREATE TABLE identity (
    bucket INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    position INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    network INTEGER NOT NULL,
    device INTEGER,
    message INTEGER,
    session INTEGER,
    PRIMARY KEY (bucket, hash, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE reception (
    position INTEGER NOT NULL,
    network INTEGER NOT NULL,
    gateway INTEGER NOT NULL,
    rssi_dbm REAL,
    snr_db REAL,
    time INTEGER,
    PRIMARY KEY (position, network, gateway)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE books (
    network INTEGER NOT NULL,
    day TEXT NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    pending INTEGER NOT NULL DEFAULT 0,
    decoded INTEGER NOT NULL DEFAULT 0,
    other INTEGER NOT NULL DEFAULT 0,
    ignored INTEGER NOT NULL DEFAULT 0,
    notPlaced INTEGER NOT NULL DEFAULT 0,
    unknownDevice INTEGER NOT NULL DEFAULT 0,
    deadLetter INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (network, day)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE cursor (projection TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- Entries that did not become observations; every other entry up to the cursor is decoded, other or ignored by its kind.
  CREATE TABLE exception (
    position INTEGER PRIMARY KEY,
    outcome TEXT NOT NULL,
    network INTEGER NOT NULL,
    device INTEGER,
    code TEXT,
    detail TEXT,
    since INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX exception_device ON exception (outcome, device, position);

  CREATE TABLE codec_state (dev_eui TEXT PRIMARY KEY, profile TEXT NOT NULL, state TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE entity (
    kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE token (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE job (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Clustered by day so that a day of one datastream is a few neighbouring pages and old days are dropped cheaply.
  CREATE TABLE observation (
    day INTEGER NOT NULL,
    datastream INTEGER NOT NULL,
    time INTEGER NOT NULL,
    value REAL,
    flag INTEGER NOT NULL,
    tests INTEGER NOT NULL,
    position INTEGER NOT NULL,
    record INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    source INTEGER NOT NULL,
    PRIMARY KEY (day, datastream, time)
  ) STRICT, WITHOUT ROWID;

  -- Which observations an uplink became: for traces and for replays that must take back what is no longer there.
  CREATE INDEX observation_position ON observation (position);

  -- Newest and oldest phenomenon time per datastream.
  CREATE TABLE extent (datastream INTEGER PRIMARY KEY, oldest INTEGER NOT NULL, newest INTEGER NOT NULL) STRICT;

  -- Observations that a replay found to be gone, until it takes them back.
  CREATE TABLE replay_gone (
    job TEXT NOT NULL, datastream INTEGER NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (job, datastream, time)
  ) STRICT, WITHOUT ROWID;

  -- Windows in which a derived figure no longer fits its observations.
  CREATE TABLE dirty (
    derivation TEXT NOT NULL,
    window INTEGER NOT NULL,
    datastream INTEGER NOT NULL,
    PRIMARY KEY (derivation, window, datastream)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Which observations an uplink became, one row an uplink: an index by position over all observations costs more than
  -- writing them. made is JSON, [[time, [datastream, ...]], ...]; day is that of the newest of these times.
  CREATE TABLE origin (position INTEGER PRIMARY KEY, day INTEGER NOT NULL, made TEXT NOT NULL) STRICT;
  INSERT INTO origin (position, day, made)
    SELECT position, max(day), json_group_array(json_array(time, json_array(datastream))) FROM observation GROUP BY position;
  DROP INDEX observation_position;
  `,
  `
  -- Orders to devices, with their history as JSON; never deleted, for they are the audit of who told a device what.
  CREATE TABLE downlink (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX downlink_device ON downlink (device, seq);
  CREATE INDEX downlink_queued ON downlink (seq) WHERE state = 'queued';
  `,
  `
  -- Codecs that operators uploaded, with script, mapping and vectors as JSON; never deleted, for values name the version
  -- that made them.
  CREATE TABLE codec_version (
    profile TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    active INTEGER NOT NULL,
    activated_at INTEGER,
    activated_by TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (profile, version)
  ) STRICT;
  CREATE UNIQUE INDEX codec_active ON codec_version (profile) WHERE active = 1;
  `,
  `
  -- The newest observation of each datastream where the observations themselves are kept elsewhere: what is written
  -- before it may meet another, and "latest" asks nobody.
  CREATE TABLE newest (
    datastream INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    value REAL,
    flag INTEGER NOT NULL,
    tests INTEGER NOT NULL,
    position INTEGER NOT NULL,
    record INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    source INTEGER NOT NULL
  ) STRICT;
  -- What an uplink's observations have in common, where they are kept elsewhere; NULL where their own rows say it.
  ALTER TABLE origin ADD COLUMN received_at INTEGER;
  ALTER TABLE origin ADD COLUMN stored_at INTEGER;
  ALTER TABLE origin ADD COLUMN source INTEGER;
  -- JSON, datastream to source where it differs from the uplink's.
  ALTER TABLE origin ADD COLUMN other_sources TEXT;
  -- Observations on their way from one shape to another elsewhere: removed there, perhaps, and not yet written again.
  CREATE TABLE rewrite (
    datastream INTEGER NOT NULL,
    time INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (datastream, time)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- What happened at things, as derivations read it from observations. evidence_to is the phenomenon time of the newest
  -- observation that an event rests on.
  CREATE TABLE event (
    derivation TEXT NOT NULL,
    datastream INTEGER NOT NULL,
    time INTEGER NOT NULL,
    kind TEXT NOT NULL,
    thing TEXT NOT NULL,
    until INTEGER,
    value REAL,
    label TEXT NOT NULL,
    detail TEXT NOT NULL,
    evidence_to INTEGER NOT NULL,
    PRIMARY KEY (derivation, datastream, time, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX event_time ON event (time, datastream, derivation, kind);

  -- Figures of the hours (counted since 1970) that hold observations; they outlive them.
  CREATE TABLE rollup (
    datastream INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    n INTEGER NOT NULL,
    min REAL,
    max REAL,
    mean REAL,
    sum REAL,
    first REAL,
    last REAL,
    coverage REAL NOT NULL,
    pass INTEGER NOT NULL,
    not_evaluated INTEGER NOT NULL,
    suspect INTEGER NOT NULL,
    fail INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    PRIMARY KEY (datastream, hour)
  ) STRICT, WITHOUT ROWID;

  -- What was stored before these figures existed is to be derived too: windows of one day each.
  INSERT OR IGNORE INTO dirty (derivation, window, datastream)
    SELECT 'rollup', day * 86400000, datastream FROM observation GROUP BY day, datastream;
  INSERT OR IGNORE INTO dirty (derivation, window, datastream)
    SELECT figure.name, dirty.window, dirty.datastream
    FROM entity
    JOIN (SELECT 'emptying' AS name, 'fill_level' AS property UNION ALL SELECT 'surge', 'water_level') AS figure
      ON figure.property = json_extract(entity.body, '$.property')
    JOIN dirty ON dirty.derivation = 'rollup' AND dirty.datastream = json_extract(entity.body, '$.key')
    WHERE entity.kind = 'datastream';
  `,
  `
  -- What of observations that came by way of SensorThings is no number.
  CREATE TABLE observation_detail (
    datastream INTEGER NOT NULL,
    time INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (datastream, time)
  ) STRICT, WITHOUT ROWID;
  -- Numbers that are never given twice.
  CREATE TABLE sequence (name TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  -- Observations of a datastream and closed day (counted since 1970), by flag; believed for the days in counted_day.
  CREATE TABLE day_count (
    datastream INTEGER NOT NULL,
    day INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    not_evaluated INTEGER NOT NULL,
    suspect INTEGER NOT NULL,
    fail INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    PRIMARY KEY (datastream, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX day_count_day ON day_count (day);
  CREATE TABLE counted_day (day INTEGER PRIMARY KEY) STRICT;
  `,
  `
  -- Points that a request may have left elsewhere though nothing was noted of it. Not by key: that of a datastream which
  -- the same request was to make may be given to another one. before is JSON: the observation that it would have replaced.
  CREATE TABLE suspect (
    property TEXT NOT NULL,
    datastream TEXT NOT NULL,
    time INTEGER NOT NULL,
    position INTEGER NOT NULL,
    before TEXT,
    PRIMARY KEY (datastream, time, position)
  ) STRICT, WITHOUT ROWID;
  -- One row at most: the earliest phenomenon time of what is on its way elsewhere, where it is earlier than usual.
  CREATE TABLE earliest_sent (time INTEGER NOT NULL) STRICT;
  `,
];

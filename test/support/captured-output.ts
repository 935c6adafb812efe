import { afterEach, beforeEach, vi } from 'vitest';

/** What the command under test wrote so far; may be reset. */
export interface CapturedOutput {
  out: string;
  err: string;
}

/** Keeps what each test of this file writes to standard output and error, and gives each a fresh exit code. */
export const captureOutput = (): CapturedOutput => {
  const captured: CapturedOutput = { out: '', err: '' };
  beforeEach(() => {
    Object.assign(captured, { out: '', err: '' });
    process.exitCode = undefined;
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      captured.out += String(chunk);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      captured.err += String(chunk);
      return true;
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  return captured;
};

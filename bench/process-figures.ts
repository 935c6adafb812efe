import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on (proc(5), sysconf(_SC_CLK_TCK)). */
const TICKS_PER_S = 100;
const MIB = 1024;

/** CPU seconds of all threads of a process since it started. */
export const cpuSecondsOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name, in parentheses, and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
};

/** CPU seconds of the whole machine since it booted, idle and waiting time left out. */
export const machineCpuSeconds = (): number => {
  const line = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / TICKS_PER_S;
};

/** Largest resident size that a process has had, MiB. */
export const peakMibOf = (pid: number): number => {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? Number.NaN) / MIB;
};

/** What the processes of a run, and all others on the machine, took between two moments. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #begin: Readonly<Record<string, number>>;
  readonly #machineBegin = machineCpuSeconds();

  /** Names and process ids; all must live until `read`. */
  constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
    this.#begin = readAll(pids);
  }

  /** CPU seconds by name; `other` is what everybody else on the machine took. */
  read(): Record<string, number> & { other: number } {
    const end = readAll(this.#pids);
    const spent = Object.fromEntries(Object.entries(end).map(([name, s]) => [name, s - (this.#begin[name] ?? 0)]));
    const own = Object.values(spent).reduce((sum, s) => sum + s, 0);
    return { ...spent, other: Math.max(0, machineCpuSeconds() - this.#machineBegin - own) };
  }
}

const readAll = (pids: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]));

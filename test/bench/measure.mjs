/** What a child process of the benchmark reports about itself when its work is done. */
import { readFileSync, rmSync } from 'node:fs';

/** Bytes of memory at its highest: the kernel's own count where it has one, since getrusage counts the parent's from before exec. */
const peakMemory = () => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
};

export const removeDatabase = (path) => {
  for (const ending of ['', '.wal', '.work', '.tmp']) rmSync(path + ending, { recursive: true, force: true });
};

const seconds = () => performance.now() / 1000;

/** Runs `work`, prints one line of JSON: its result, and wall and CPU seconds (all threads, since the process began), and peak memory. */
export const report = async (work) => {
  const from = seconds();
  const result = await work();
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const used = { wall: seconds() - from, cpu: (userCPUTime + systemCPUTime) / 1e6, memory: peakMemory() };
  console.log(JSON.stringify({ ...used, ...result }));
};

/** Runs `work` and says how many seconds it took. */
export const timed = async (work) => {
  const from = seconds();
  const value = await work();
  return { value, seconds: seconds() - from };
};

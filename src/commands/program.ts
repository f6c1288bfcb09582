/** What a command may know of the outside world, and the options that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The process, handed in by cli.ts. */
export type World = {
  stdout(text: string | Uint8Array): Promise<void>;
  outputIsTerminal: boolean;
  stderr(text: string): void;
  /** Columns of the terminal, 80 where there is none. */
  width: number;
  colour: boolean;
  /** stderr is a terminal: progress may be drawn. */
  interactive: boolean;
  version: string;
  /** As typed, without node and script. */
  argv: string[];
  now(): Date;
};

export type EngineOptions = { jobs: number; memory: number };

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024)
    throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
  return value;
};

const megabytes = (text: string): number => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text) ?? [];
  const factor = { k: 1e-3, m: 1, g: 1e3, t: 1e6 }[(unit || 'm').toLowerCase()];
  const value = Math.floor(Number(amount) * (factor ?? Number.NaN));
  if (!(value >= 1000)) throw new InvalidArgumentError('Give a size of 1GB or more, as 1GB or 1500MB.');
  return value;
};

export const engineOptions = (command: Command, processors: number): Command =>
  command
    .addOption(
      new Option('--jobs <n>', 'threads to work with').argParser(positive).default(processors, 'one a processor'),
    )
    .addOption(new Option('--memory <size>', 'memory for the whole program').argParser(megabytes).default(1000, '1GB'));

/** For options that may be given several times. */
export const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

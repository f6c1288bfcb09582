/** The progress line on stderr: files, events, bytes, time left. Drawn only where stderr is a terminal. */
import { formatDuration } from 'date-fns/formatDuration';
import { intervalToDuration } from 'date-fns/intervalToDuration';
import type { IngestProgress } from '../events/ingest.ts';
import { count, number } from '../report/words.ts';
import type { World } from './program.ts';

const eraseLine = '\r\u001b[2K';

const gigabytes = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** Files are the measure: a compressed file's size says little of its content. */
const timeLeft = ({ files, totalFiles }: IngestProgress, seconds: number): string => {
  if (files === 0 || seconds < 2) return '';
  const left = Math.round((seconds * (totalFiles - files)) / files);
  const duration = intervalToDuration({ start: 0, end: left * 1000 });
  return `, ${formatDuration(duration, { format: ['hours', 'minutes', 'seconds'] }) || 'under a second'} left`;
};

export type ProgressLine = { show(progress: IngestProgress): void; clear(): void };

export const progressLine = (world: World): ProgressLine => {
  if (!world.interactive) return { show() {}, clear() {} };
  const started = world.now().getTime();
  return {
    show(progress) {
      const seconds = (world.now().getTime() - started) / 1000;
      const { files, totalFiles, records, bytes } = progress;
      const line = `${number(files)} of ${count(totalFiles, 'file')}, ${count(records, 'record')}, ${gigabytes(bytes)} read${timeLeft(progress, seconds)}`;
      world.stderr(`${eraseLine}${line.slice(0, world.width - 1)}`);
    },
    clear: () => world.stderr(eraseLine),
  };
};

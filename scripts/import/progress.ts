import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  readonly onProgress: (read: number, total: number) => void;
  readonly onWaiting: (why: string) => void;
  stop(): void;
}

/** Shows how far files have been read: a bar on a terminal, a line every quarter elsewhere. */
export function showProgress(source: string, out: NodeJS.WriteStream = process.stderr): Progress {
  return out.isTTY ? bar(source, out) : lines(source, out);
}

function bar(source: string, stream: NodeJS.WriteStream): Progress {
  const options = { stream, format: `${source} {bar} {percentage} %`, clearOnComplete: false };
  const single = new SingleBar(options, Presets.shades_classic);
  single.start(1, 0);
  return {
    onProgress(read, total) {
      single.setTotal(total);
      single.update(read);
    },
    onWaiting: (why) => void stream.write(`\n${source} waits: ${why}\n`),
    stop: () => single.stop(),
  };
}

function lines(source: string, out: NodeJS.WritableStream): Progress {
  let shown = 0;
  return {
    onProgress(read, total) {
      const quarter = total === 0 ? 4 : Math.floor((read / total) * 4);
      if (quarter <= shown) return;
      shown = quarter;
      out.write(`${source}: ${quarter * 25} % read\n`);
    },
    onWaiting: (why) => void out.write(`${source} waits: ${why}\n`),
    stop: () => undefined,
  };
}

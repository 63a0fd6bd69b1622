import { stat } from 'node:fs/promises';

/** Says when a file has become another one. */
export interface WatchedFile {
  close(): void;
}

export interface WatchedFileOptions {
  readonly file: string;
  readonly onChange: () => void;
  /** Milliseconds between two looks. */
  readonly interval?: number;
}

const INTERVAL = 500;

/**
 * Looks at the file again and again, since a directory's own notices do not cross every mount, and what a name leads to may
 * be replaced further up. A change is told once two looks have found the same: whoever writes into the file instead of
 * replacing it is not read half-way. A file that is gone is a change, and so is what is found first.
 */
export function watchFile({ file, onChange, interval = INTERVAL }: WatchedFileOptions): WatchedFile {
  let told: string | undefined;
  let last: string | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const found = await appearanceOf(file);
    if (isClosed) return;
    if (found === last && found !== told) {
      told = found;
      onChange();
    }
    last = found;
    timer = setTimeout(() => void look(), interval);
    timer.unref();
  };
  void look();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

async function appearanceOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'none';
  }
}

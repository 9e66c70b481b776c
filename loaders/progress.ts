import cliProgress from "cli-progress";

const {Format, Presets, SingleBar} = cliProgress;

/** How far a long piece of work has come. */
export interface Progress {
  /** Says that `done` of `total` are done, and what is being worked on. */
  update(done: number, total: number, detail: string): void;
  end(): void;
}

/** Characters that the bar leaves to the count and to what is being worked on. */
const room = 30;

/** A bar in a terminal; nothing where nobody watches, where the lines that follow say what was done. */
export function showProgress(
  label: string,
  {isShown, stream = process.stderr}: {isShown: boolean; stream?: NodeJS.WriteStream},
): Progress {
  if (!isShown) return {update() {}, end() {}};
  const bar = new SingleBar(
    {
      format: (options, {progress, total, value}, {detail}) =>
        `${label} ${Format.BarFormat(progress, options)} ${value} of ${total}  ${detail}`,
      clearOnComplete: true,
      hideCursor: true,
      barsize: Math.max(4, Math.min(24, (stream.columns || 80) - label.length - room)),
      fps: 10,
      stream,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(done, total, detail) {
      if (!isStarted) bar.start(total, done, {detail});
      isStarted = true;
      bar.setTotal(total);
      bar.update(done, {detail});
    },
    end() {
      if (isStarted) bar.stop();
    },
  };
}

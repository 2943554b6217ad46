// Shows the steps of a script while they happen, each with the time that it took.

const QUICK_MS = 300;
const FRAME_MS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Tells what a step is doing at the moment, in one line. */
export type Say = (detail: string) => void;

/** What a step may return to be shown behind its title. */
export interface Outcome<T> {
  value: T;
  /** For example "found" or "unchanged". */
  note: string;
}

export interface Steps {
  /** Runs one step, unless all is to end; its failure is shown and thrown on. */
  run<T>(title: string, work: (say: Say, signal: AbortSignal) => Promise<Outcome<T>>): Promise<T>;
}

/** Where the steps are shown; a terminal gets a live line, anything else whole lines. */
export interface Screen {
  write(text: string): void;
  isTTY?: boolean;
  columns?: number;
}

export interface StepsOptions {
  screen?: Screen;
  /** Ends the step that runs, if that can be ended, and lets none begin. */
  signal?: AbortSignal;
}

export function createSteps({
  screen = process.stdout,
  signal = new AbortController().signal,
}: StepsOptions = {}): Steps {
  return {
    async run(title, work) {
      signal.throwIfAborted();
      const started = performance.now();
      const live = screen.isTTY ? liveLine({ screen, title, started }) : plainLines({ screen, title });
      try {
        const { value, note } = await work(live.say, signal);
        live.end();
        screen.write(`✓ ${title}${note && `: ${note}`}  ${seconds(performance.now() - started)}\n`);
        return value;
      } catch (error) {
        live.end();
        screen.write(`✗ ${title}  ${seconds(performance.now() - started)}\n`);
        throw error;
      }
    },
  };
}

/** Milliseconds as people read them: `0.42 s`, `12.3 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 100_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

function liveLine({ screen, title, started }: { screen: Screen; title: string; started: number }) {
  let detail = '';
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    const line = `${FRAMES[frame]} ${title}  ${seconds(performance.now() - started)}  ${detail}`;
    screen.write(`\r\u001B[K${line.slice(0, (screen.columns ?? 80) - 1)}`);
  }, FRAME_MS);
  return {
    say: (text: string) => void (detail = text),
    end: () => {
      clearInterval(timer);
      screen.write('\r\u001B[K');
    },
  };
}

function plainLines({ screen, title }: { screen: Screen; title: string }) {
  let last = '';
  let begun = false;
  const begin = () => {
    if (!begun) screen.write(`  ${title} …\n`);
    begun = true;
  };
  // What is over at once needs no line for its beginning.
  const timer = setTimeout(begin, QUICK_MS);
  return {
    say: (text: string) => {
      begin();
      if (text !== last) screen.write(`    ${text}\n`);
      last = text;
    },
    end: () => clearTimeout(timer),
  };
}

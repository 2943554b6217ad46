// Reads the progress of an image build: what it does now, and what it said last if it fails.

import type { Say } from '../console/steps.ts';

const LINES_KEPT = 40;

/** One message of the engine's stream. */
export interface BuildEvent {
  stream?: string;
  error?: string;
}

/** Collects the messages of one build. */
export function createBuildLog({ say }: { say: Say }) {
  const lines: string[] = [];
  let step = '';
  let error: string | undefined;
  return {
    read: (event: BuildEvent) => {
      if (event.error) error = event.error;
      const text = readable(event.stream ?? '');
      if (!text || text.startsWith('CACHED:')) return;
      const started = /^\[sha256:\w+\] (\[.*)/.exec(text)?.[1];
      if (started) {
        step = started;
        say(step);
      } else {
        lines.push(...text.split('\n'));
        lines.splice(0, lines.length - LINES_KEPT);
      }
    },
    /** The failing step and the end of what it said; undefined if the build has not failed. */
    failure: () =>
      error === undefined ? undefined : `In the step ${step}\n${lines.map((line) => `  ${line}`).join('\n')}\n${error}`,
  };
}

// dockerode passes the output of BuildKit's steps on in base64, and everything else as it is.
function readable(text: string): string {
  const trimmed = text.trimEnd();
  const encoded = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(trimmed);
  return encoded ? Buffer.from(trimmed, 'base64').toString('utf8').trimEnd() : trimmed;
}

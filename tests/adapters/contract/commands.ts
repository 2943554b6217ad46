// What commands inside an instance do.

import { describe, expect, test } from 'vitest';
import { shell, type Bench } from './harness.ts';

/** Defines the tests of `run`. */
export function testCommands(bench: Bench): void {
  describe('run', () => {
    test('returns the exit code and all output', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [], environment: { WORD: 'spoken' } }));
      expect(await shell({ adapter: bench.adapter, name, script: 'echo $WORD; echo loudly >&2; exit 3' })).toEqual({
        exitCode: 3,
        output: expect.stringMatching(/^(spoken\nloudly|loudly\nspoken)$/),
      });
    });

    test.each([
      { limit: 6, output: 'yes\nye', truncated: true },
      { limit: 8, output: 'yes\nyes\n', truncated: false },
      { limit: 0, output: '', truncated: true },
    ])('keeps $limit bytes of output and lets the command write on', async ({ limit, output, truncated }) => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const result = await bench.adapter.run({
        name,
        command: ['bash', '-c', 'echo yes; echo yes; exit 5'],
        maxOutputBytes: limit,
        signal: AbortSignal.timeout(30_000),
      });
      expect({ ...result, output: result.output.toString() }).toEqual({ exitCode: 5, output, truncated });
    });

    test('drains output without end of a command that ends', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const result = await bench.adapter.run({
        name,
        command: ['bash', '-c', 'head -c 50000000 /dev/zero'],
        maxOutputBytes: 1000,
        signal: AbortSignal.timeout(30_000),
      });
      expect(result).toMatchObject({ exitCode: 0, truncated: true });
      expect(result.output).toEqual(Buffer.alloc(1000));
    });

    test('reports a program that does not exist by its exit code', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const { exitCode } = await bench.adapter.run({
        name,
        command: ['no-such-program'],
        maxOutputBytes: 1000,
        signal: AbortSignal.timeout(30_000),
      });
      expect([126, 127]).toContain(exitCode);
    });

    test('throws the reason of an abort once the command and its children are gone', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const mark = `${Math.trunc(Math.random() * 1e9)}.5`;
      const abort = new AbortController();
      const running = bench.adapter.run({
        name,
        command: ['bash', '-c', `sleep ${mark} & sleep ${mark}; true`],
        maxOutputBytes: 1000,
        signal: abort.signal,
      });
      running.catch(() => undefined);
      await expect.poll(() => bench.processes(name)).toContain(`sleep ${mark} sleep ${mark}`);
      abort.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      expect(await bench.processes(name)).not.toContain(mark);
    });

    test('throws the reason of a signal that was aborted before', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const running = bench.adapter.run({
        name,
        command: ['true'],
        maxOutputBytes: 0,
        signal: AbortSignal.abort(new Error('too late')),
      });
      await expect(running).rejects.toThrow('too late');
    });

    test('ends with the instance', async () => {
      const { name } = await bench.adapter.start(bench.spec({ command: [] }));
      const mark = `${Math.trunc(Math.random() * 1e9)}.5`;
      const running = shell({ adapter: bench.adapter, name, script: `sleep ${mark}; true` });
      await expect.poll(() => bench.processes(name)).toContain(mark);
      await bench.adapter.stop({ name, graceMs: 0 });
      expect(await running).toMatchObject({ exitCode: 137 });
    });

    test('in an instance that does not exist is not_found', async () => {
      await expect(shell({ adapter: bench.adapter, name: 'opr-test-none', script: 'true' })).rejects.toMatchObject({
        name: 'AdapterError',
        code: 'not_found',
      });
    });
  });
}

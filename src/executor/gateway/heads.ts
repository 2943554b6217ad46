// Writes the heads of requests that leave the gateway.

import { LOG_ID_HEADER, LOGGING_HEADER, SECRET_HEADER, TIMEOUT_HEADER } from '../../contract/headers.ts';
import { executorAuthorization, isPassable, REQUEST_ID_HEADER } from '../call/headers.ts';
import { isEndToEnd } from '../../proxy/headers.ts';
import { TRACEPARENT_HEADER } from '../observe/tracer.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { RequestHead } from '../../proxy/head.ts';
import { endRequestHead } from '../../proxy/write-head.ts';

/** What is the same in every request to a runtime. */
export interface Constant {
  control: string;
  authorization: string;
}

export type ControlHeads = (runtime: Runtime) => Constant;

/** Made once for each runtime. `timeout` in seconds. */
export function createControlHeads({ timeout }: { timeout: number }): ControlHeads {
  const constants = new WeakMap<Runtime, Constant>();
  return (runtime) => {
    const constant = constants.get(runtime) ?? constantOf({ secret: runtime.state.instance.secret, timeout });
    constants.set(runtime, constant);
    return constant;
  };
}

function constantOf({ secret, timeout }: { secret: string; timeout: number }): Constant {
  return {
    control:
      `${SECRET_HEADER}: ${secret}\r\n${TIMEOUT_HEADER}: ${timeout}\r\n${LOGGING_HEADER}: ` +
      `enabled\r\n${LOG_ID_HEADER}: `,
    authorization: `authorization: ${executorAuthorization({ secret })}\r\n`,
  };
}

/** What is known of a call beside its own head. */
export interface CallFacts {
  path: string;
  /** The caller's address. */
  address: string;
  requestId: string;
  logId: string;
  constant: Constant;
  /** In place of the caller's own, if there is one. */
  traceparent: string | undefined;
}

export function headForRuntime({ head, facts }: { head: RequestHead; facts: CallFacts }): string {
  const { fields, named, method, length, body } = head;
  const { path, address, requestId, logId, constant, traceparent } = facts;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  let forwardedFor = '';
  let authorized = false;
  let proto = false;
  for (let index = 0; index < fields.length; index += 3) {
    const name = fields[index] as string;
    const value = fields[index + 2] as string;
    if (!isPassable({ name, named })) continue;
    if (name === 'x-forwarded-for') {
      forwardedFor += `${value}, `;
      continue;
    }
    if (name === REQUEST_ID_HEADER || (name === TRACEPARENT_HEADER && traceparent !== undefined)) continue;
    if (name === 'authorization') authorized = true;
    else if (name === 'x-forwarded-proto') proto = true;
    text += `${fields[index + 1]}: ${value}\r\n`;
  }
  if (!authorized) text += constant.authorization;
  if (traceparent !== undefined) text += `${TRACEPARENT_HEADER}: ${traceparent}\r\n`;
  if (!proto) text += 'x-forwarded-proto: http\r\n';
  text +=
    `x-forwarded-for: ${forwardedFor}${address}\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n` +
    `${constant.control}${logId}\r\n`;
  return endRequestHead({ text, length, body });
}

/** For the executor's own interface, to which the gateway is no border. */
export function headForControl({ head, requestId }: { head: RequestHead; requestId: string }): string {
  const { fields, named, method, target, length, body } = head;
  let text = `${method} ${target} HTTP/1.1\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n`;
  for (let index = 0; index < fields.length; index += 3) {
    const name = fields[index] as string;
    if (isEndToEnd({ name, named }) && name !== REQUEST_ID_HEADER)
      text += `${fields[index + 1]}: ${fields[index + 2]}\r\n`;
  }
  return endRequestHead({ text, length, body });
}

/** The caller's own id for a request, if it is one that can go into a log; else an empty text. */
export function givenRequestId(head: RequestHead): string {
  const value = valueOf(head, REQUEST_ID_HEADER) ?? '';
  return value.length <= 200 ? value : '';
}

/** The first value of a header; its name in lower case. */
export function valueOf({ fields }: RequestHead, name: string): string | undefined {
  const index = fields.findIndex((entry, at) => at % 3 === 0 && entry === name);
  return index === -1 ? undefined : fields[index + 2];
}

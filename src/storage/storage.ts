// The port to where sources and artifacts are kept.

/** Keys are relative or absolute slash-separated paths without `..`; a storage never leaves its own root. */
export interface Storage extends AsyncDisposable {
  /**
   * Copies an object to a file of this host; the file is complete or absent. Throws `StorageError`, or the signal's
   * reason.
   */
  download(request: { key: string; file: string; signal: AbortSignal }): Promise<{ bytes: number }>;
  /**
   * Copies a file of this host to an object; the object is complete or unchanged. Throws `StorageError`, or the
   * signal's reason.
   */
  upload(request: { file: string; key: string; signal: AbortSignal }): Promise<{ bytes: number }>;
  /** Removes an object; one that is not there is no error. Throws `StorageError`. */
  remove(request: { key: string }): Promise<void>;
}

/**
 * `not_found`: there is no such object. `bad_key`: there can be none. `refused`: the storage's own settings must be
 * mended. `unavailable`: it does not answer, or only with trouble of its own; later it may. `failed`: anything else.
 */
export type StorageErrorCode = 'not_found' | 'bad_key' | 'refused' | 'unavailable' | 'failed';

/**
 * The only error that leaves a storage, beside the reason of an abort. Its message says what happened in words for an
 * operator.
 */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor({ code, message, cause }: { code: StorageErrorCode; message: string; cause?: unknown }) {
    super(message, { cause });
    this.name = 'StorageError';
    this.code = code;
  }
}

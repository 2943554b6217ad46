// What a DSN says of a bucket: where it is, and who asks.

export interface Bucket {
  /** Undefined: Amazon's own, which follows from the region. */
  endpoint: string | undefined;
  region: string;
  name: string;
  /** What all keys begin with; empty or ending in a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const FORM = 's3://<key>:<secret>@<host>/<bucket>?region=<region>';

/** Throws `RangeError`, whose message repeats nothing that may be secret. */
export function readS3Dsn(url: URL): Bucket {
  const [name = '', ...prefix] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  if (url.username === '' || url.password === '')
    throw new RangeError(`The storage DSN lacks a key or a secret; it looks like ${FORM}.`);
  if (name === '') throw new RangeError(`The storage DSN names no bucket; it looks like ${FORM}.`);
  return {
    endpoint: endpointOf(url),
    region: url.searchParams.get('region') || 'us-east-1',
    name,
    prefix: prefix.map((part) => `${part}/`).join(''),
    accessKeyId: decode(url.username),
    secretAccessKey: decode(url.password),
  };
}

/** `url` before the host. A DSN must name some host, so `localhost` alone names none. */
function endpointOf({ host, hostname, searchParams }: URL): string | undefined {
  const insecure = searchParams.get('insecure') === 'true';
  const given = searchParams.get('url');
  if (!given && (/(?:^|\.)amazonaws\.com$/.test(hostname) || (host === 'localhost' && !insecure))) return undefined;
  const address = given || host;
  const endpoint = URL.parse(/^https?:\/\//.test(address) ? address : `${insecure ? 'http' : 'https'}://${address}`);
  if (!endpoint)
    throw new RangeError('The "url" of the storage DSN is no address such as https%3A%2F%2Fs3.example.com%3A9000.');
  return endpoint.href;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(
      'The storage DSN has a % that is not followed by two hexadecimal digits; a % itself is written %25.',
    );
  }
}

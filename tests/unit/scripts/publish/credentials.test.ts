// Tests where logins for registries are found.

import { expect, test } from 'vitest';
import { findCredentials } from '../../../../scripts/publish/credentials.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const auth = Buffer.from('me:pass:word').toString('base64');

test('a login that "docker login" kept is found, for its own host only', async () => {
  await using folder = await temporaryFolder({
    'config.json': JSON.stringify({ auths: { 'registry.example:5000': { auth } } }),
  });
  const environment = { DOCKER_CONFIG: folder.path };
  expect(await findCredentials({ host: 'registry.example:5000', environment })).toEqual({
    username: 'me',
    password: 'pass:word',
  });
  expect(await findCredentials({ host: 'other.example', environment })).toBeUndefined();
});

test('a login that a helper keeps is asked of the helper', async () => {
  const script = '#!/bin/sh\nread host; echo "{\\"Username\\": \\"me\\", \\"Secret\\": \\"for $host\\"}"\n';
  await using folder = await temporaryFolder({
    'config.json': '{"credHelpers": {"a.example": "invented"}}',
    'docker-credential-invented': script,
  });
  await folder.makeExecutable('docker-credential-invented');
  const before = process.env.PATH;
  process.env.PATH = `${folder.path}:${before}`;
  try {
    const environment = { DOCKER_CONFIG: folder.path };
    expect(await findCredentials({ host: 'a.example', environment })).toEqual({
      username: 'me',
      password: 'for a.example',
    });
  } finally {
    process.env.PATH = before;
  }
});

test('without a login there is none', async () => {
  await using folder = await temporaryFolder();
  expect(await findCredentials({ host: 'a.example', environment: { DOCKER_CONFIG: folder.path } })).toBeUndefined();
});

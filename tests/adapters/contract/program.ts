// What instances of the shared suite run: a server with a few deeds, once for containers and once for the memory
// adapter.

import type { MemoryImage } from '../../../src/adapters/memory.ts';

/*
 * `/hostname`, `/environment/NAME`: answer with it. `/exit/N`: end with that code. `/exhaust`: take memory until the
 * end. `/complain/WORDS`: write them to stderr and end with 1. `/deaf`: ignore SIGTERM from now on. Only what the
 * smallest Debian has: perl-base.
 */
const PERL_SOURCE = `
use strict; use IO::Socket::INET; use POSIX ();
my $server = IO::Socket::INET->new(LocalPort => 3000, Listen => 16, ReuseAddr => 1) or die;
while (my $client = $server->accept) {
  my ($path) = (<$client> // '') =~ m{^\\S+ (\\S+)} or next;
  while (<$client>) { last if /^\\r?$/ }
  my $body = '';
  exit $1 if $path =~ m{^/exit/(\\d+)};
  die "$1\\n" if $path =~ m{^/complain/(\\w+)};
  $body = (POSIX::uname())[1] if $path eq '/hostname';
  $body = $ENV{$1} // '' if $path =~ m{^/environment/(\\w+)};
  $SIG{TERM} = 'IGNORE' if $path eq '/deaf';
  if ($path eq '/exhaust') { my @all; push @all, 'a' x 1_000_000 while 1 }
  print $client "HTTP/1.1 200 OK\\r\\nconnection: close\\r\\ncontent-length: " . length($body) . "\\r\\n\\r\\n$body";
  close $client;
}`;

export const CONTAINER_PROGRAM = { image: 'debian:bookworm-slim', command: ['perl', '-e', PERL_SOURCE] };

export const MEMORY_PROGRAM: MemoryImage = {
  serve: (instance) => (request, response) => {
    const [, deed = '', value = ''] = (request.url ?? '').split('/');
    if (deed === 'exit') instance.exit({ code: Number(value) });
    if (deed === 'complain') instance.exit({ code: 1, message: value });
    if (deed === 'exhaust') instance.exit({ code: 137, outOfMemory: true });
    if (deed === 'deaf') instance.onTerminate = () => {};
    const answers: Record<string, string | undefined> = {
      hostname: instance.spec.hostname,
      environment: instance.spec.environment[value],
    };
    response.end(answers[deed] ?? '');
  },
};

<?php
// What a process says when a function ends it: exit, a fatal error, memory that has run out.

namespace OpenRuntimes;

final class LastWords
{
    /** The caller is still owed an answer; without one, what went wrong is for the operator. */
    public static function say(?Connection $connection, ?Logger $logger, Native $native, Descriptors $descriptors): void
    {
        $error = error_get_last();
        $cause = $error === null ? null : "{$error['message']} in {$error['file']}:{$error['line']}";
        if ($logger === null || $connection === null) {
            if ($cause !== null && $error['type'] === E_ERROR) {
                $descriptors->tellOperator($cause);
            }
            return;
        }
        $native->stop($logger);
        $logger->write('errors', [$cause ?? 'The function ended its process.']);
        $logger->close();
        $connection->keep = false;
        $connection->answer(500, Response::headerLines([], $logger->id), '');
    }
}

<?php
// Loads the user's function.

namespace OpenRuntimes;

/** Why a function could not be loaded, in words for its author. */
final class LoadError extends \RuntimeException
{
}

final class Loader
{
    /** @throws LoadError */
    public static function load(string $entrypoint): callable
    {
        $file = __DIR__ . "/function/$entrypoint";
        if (!is_file($file)) {
            throw new LoadError("Failed to load entrypoint, file $entrypoint does not exist.");
        }
        try {
            $function = (static function () use ($file) {
                return require $file;
            })();
        } catch (\CompileError $error) {
            $place = basename($error->getFile());
            throw new LoadError("Syntax error in {$place}: {$error->getMessage()} on line {$error->getLine()}");
        } catch (\Throwable $error) {
            throw new LoadError('Failed to load module: ' . Logger::describe($error));
        }
        if (!is_callable($function)) {
            throw new LoadError("Function signature invalid. Did you forget to export a 'main' function?");
        }
        return $function;
    }
}

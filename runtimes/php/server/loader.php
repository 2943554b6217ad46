<?php
// Loads the user's function, once per worker.

namespace OpenRuntimes;

/** Why a function could not be loaded, in words for its author. */
final class LoadError extends \RuntimeException
{
}

final class Loader
{
    private Config $config;
    private $function = null;

    public function __construct(Config $config)
    {
        $this->config = $config;
    }

    /** @throws LoadError */
    public function load(): callable
    {
        return $this->function ??= $this->read();
    }

    private function read(): callable
    {
        $file = Config::FUNCTION_FOLDER . '/' . $this->config->entrypoint;
        if (!is_file($file)) {
            throw new LoadError("Failed to load entrypoint, file {$this->config->entrypoint} does not exist.");
        }
        try {
            $function = (static function () use ($file) {
                return require $file;
            })();
        } catch (\CompileError $error) {
            $place = basename($error->getFile());
            $what = "Syntax error in {$place}: {$error->getMessage()} on line {$error->getLine()}";
            throw new LoadError($what, 0, $error);
        } catch (\Throwable $error) {
            throw new LoadError('Failed to load module: ' . Logger::describe($error), 0, $error);
        }
        if (!is_callable($function)) {
            throw new LoadError("Function signature invalid. Did you forget to export a 'main' function?");
        }
        return $function;
    }
}

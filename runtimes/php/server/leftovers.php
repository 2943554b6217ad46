<?php
// What a call leaves behind in its process, and the next one is not to find. What loading has set stays.

namespace OpenRuntimes;

final class Leftovers
{
    private string $folder;
    private int $mask;
    private string $locale;
    private string $zone;
    private array $settings;
    private $handler;

    /** Takes down how things are. */
    public function __construct()
    {
        $this->folder = getcwd();
        $this->mask = umask();
        $this->locale = setlocale(LC_ALL, '0');
        $this->zone = date_default_timezone_get();
        $this->settings = ini_get_all(null, false);
        $this->handler = self::errorHandler();
    }

    /** Has them as they were. */
    public function clear(): void
    {
        if (extension_loaded('pcntl')) {
            pcntl_alarm(0);
        }
        while (($handler = self::errorHandler()) !== $this->handler && $handler !== null) {
            restore_error_handler();
        }
        if ($handler !== $this->handler) {
            set_error_handler($this->handler);
        }
        chdir($this->folder);
        umask($this->mask);
        if (setlocale(LC_ALL, '0') !== $this->locale) {
            setlocale(LC_ALL, $this->locale);
        }
        date_default_timezone_set($this->zone);
        if (session_id() !== '') {
            @session_id('');
        }
        unset($_SESSION);
        header_remove();
        // Those that differ, and of them what they were.
        $differing = array_diff_assoc(ini_get_all(null, false), $this->settings);
        foreach (array_intersect_key($this->settings, $differing) as $name => $value) {
            // Of one that was not set at all, nothing can be set.
            $value === null ? ini_restore($name) : @ini_set($name, $value);
        }
        error_clear_last();
    }

    private static function errorHandler()
    {
        $handler = set_error_handler(null);
        restore_error_handler();
        return $handler;
    }
}

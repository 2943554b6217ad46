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
    /** PHP's own list of shutdown functions, which it has no words for; null where it lets nobody look. */
    private ?\FFI $list = null;
    /** The place in it of the next one, which is never used twice. */
    private static int $next = 0;

    /** Takes down how things are. */
    public function __construct()
    {
        $this->folder = getcwd();
        $this->mask = umask();
        $this->locale = setlocale(LC_ALL, '0');
        $this->zone = date_default_timezone_get();
        $this->settings = ini_get_all(null, false);
        $this->handler = self::errorHandler();
        if (extension_loaded('ffi')) {
            $this->list = \FFI::cdef(
                // The list is the first member of these; nothing else of them is read.
                'extern void *basic_globals;'
                . 'void *zend_hash_index_find(void *, uint64_t); int zend_hash_index_del(void *, uint64_t);'
            );
            while ($this->list->zend_hash_index_find($this->list->basic_globals, self::$next) !== null) {
                self::$next++;
            }
        }
    }

    /** Has them as they were. */
    public function clear(): void
    {
        if (extension_loaded('pcntl')) {
            pcntl_alarm(0);
        }
        // Those of the call, not those of loading; each deletion says whether there was one.
        if ($this->list !== null) {
            while ($this->list->zend_hash_index_del($this->list->basic_globals, self::$next) === 0) {
                self::$next++;
            }
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
        // Output past all buffers, which a function may end, has sent them; to remove them is then worth a warning.
        if (!headers_sent()) {
            header_remove();
        }
        if (extension_loaded('libxml')) {
            libxml_clear_errors();
        }
        // A seed would have the next call's numbers known.
        mt_srand();
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

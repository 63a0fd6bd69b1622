/**
 * Loaded before a service's own module (`--import`): when the process that started it is gone, killed included, the
 * channel between them closes, and the service drains as on SIGTERM. Without it a killed start would leave its
 * services on their ports.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

// The channel must not keep a service alive that has nothing more to do.
process.channel?.unref();

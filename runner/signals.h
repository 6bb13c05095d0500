// SIGINT and SIGTERM while the server works: the first one cancels what is running and is
// remembered, so that the runner stops in order (rolls back, reports, exits 130 or 143); the second
// one exits at once. SIGPIPE is ignored: a reader who went away is not an error. Knows nothing of
// PostgreSQL.
#pragma once

namespace steward::signals {

// Installs the handlers. Before this call the signals end the process, as they do by default.
void install();

// A reader of our output who went away is not an error: writing fails, and that is all.
void ignore_pipe();

// The signal that was received, 0 while there was none.
int received() noexcept;

// What the handler calls, besides remembering; it must be async-signal-safe. nullptr: nothing.
void on_signal(void (*canceller)()) noexcept;

// Throws Error(Exit::interrupted or Exit::terminated, "interrupted") when a signal was received.
// Called between two messages, where stopping leaves nothing half done.
void check();

}  // namespace steward::signals

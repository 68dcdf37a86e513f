#pragma once

#include "app/command_line.hpp"

namespace usher::app {

/// Each command does its work, writes its results to standard output and what else there is to say to standard error.
Exit run(const ServeOptions& options);
Exit run(const CheckOptions& options);
Exit run(const InitOptions& options);
Exit run(const LimitsOptions& options);
Exit run(const VersionOptions& options);
Exit run(const TicketOptions& options);
Exit run(const PublishOptions& options);
Exit run(const SubscribeOptions& options);
Exit run(const ConnectOptions& options);
Exit run(const BenchOptions& options);

}  // namespace usher::app

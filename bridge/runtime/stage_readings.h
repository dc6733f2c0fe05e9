// Reads what the stages have counted into the form that telemetry takes.
//
// Thread: safe.
#pragma once

#include "bridge/ingest/ingest.h"
#include "bridge/listen/http_server.h"
#include "bridge/listen/http_service.h"
#include "bridge/listen/udp_listener.h"
#include "bridge/telemetry/self_readings.h"

#include <deque>

namespace fluxgate {

SelfReadings ReadStages(Ingest* ingest, const HttpService& service, const HttpServer& server,
                        const std::deque<UdpListener>& udp);

}  // namespace fluxgate

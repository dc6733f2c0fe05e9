// Passing a failed absl::Status on to the caller.
//
// Thread: immutable.
#pragma once

// Evaluates a call that gives an absl::Status, and returns it unless it is OK.
#define RETURN_IF_ERROR(call)                                 \
  do {                                                        \
    if (auto status_of_call = (call); !status_of_call.ok()) { \
      return status_of_call;                                  \
    }                                                         \
  } while (false)

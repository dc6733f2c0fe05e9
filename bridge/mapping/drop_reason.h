// Why the mapping refuses a series or a field; label values of fluxgate_samples_dropped_total.
//
// Lifetime: static storage.
// Thread: immutable.
#pragma once

#include <string_view>

namespace fluxgate::drop_reason {

inline constexpr std::string_view kStringField = "string_field";
inline constexpr std::string_view kReservedName = "reserved_name";
inline constexpr std::string_view kMetricNameTooLong = "metric_name_too_long";
inline constexpr std::string_view kTooManyLabels = "too_many_labels";
inline constexpr std::string_view kLabelNameTooLong = "label_name_too_long";
inline constexpr std::string_view kLabelValueTooLong = "label_value_too_long";

}  // namespace fluxgate::drop_reason

// The parameters of a /query request, which may stand in the URL, in a form, or in the parts of a
// multipart form.
//
// Encodings: values are decoded and may be any bytes.
// Lifetime: views what it was made of.
// Errors: none; a body that is no form has no parameters.
// Thread: compatible.
// Spec: Go http.Request.FormValue as InfluxDB 1.x uses it: a form comes before the URL, a multipart
// form behind it; RFC 7578.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

class QueryForm {
 public:
  // A body without a content type is read as a form.
  QueryForm(std::string_view url_query, std::string_view content_type, std::string_view body);

  // The value of a parameter, empty when it is not there.
  std::string Find(std::string_view name) const;

  // The same, of the URL alone.
  std::string FindInUrl(std::string_view name) const;

 private:
  std::string_view url_query_;
  std::string_view form_;
  std::string_view multipart_;
  std::string boundary_;
};

}  // namespace fluxgate

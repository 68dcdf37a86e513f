#include "asyncapi/document.hpp"

namespace usher::asyncapi {

std::string page(const Description&) {
  return "<!doctype html><html lang=en><meta charset=utf-8><title>usher</title><link rel=stylesheet "
         "href=/docs/style.css><h1>usher</h1><p><a href=/asyncapi.json>asyncapi.json</a>";
}

std::string_view page_style() { return ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui}"; }

}  // namespace usher::asyncapi

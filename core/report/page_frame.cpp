#include "core/report/page_frame_p.h"

#include <fmt/format.h>

namespace jitscope::report {

std::string framed(const Page& page, std::string_view title, const std::string& header,
                   const std::string& foot)
{
    // Nothing is loaded and no script but the page's own runs, whatever a name in the model says.
    const std::string policy =
        fmt::format("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{}'; "
                    "base-uri 'none'; form-action 'none'",
                    pageScriptHash());
    std::string html =
        fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"generator\" content=\"Jitscope\">\n<title>{}</title>\n<style>\n",
                    policy, escapedMarkup(title));
    html += pageStyle();
    html +=
        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
        "<div class=\"layout\">\n<nav aria-label=\"Contents\">\n<div class=\"brand\">Jitscope "
        "report</div>\n<ol>\n";
    html += page.contents();
    html += "</ol>\n</nav>\n<main id=\"content\">\n";
    html += header;
    html += page.html();
    html += "<footer>" + foot + "</footer>\n</main>\n</div>\n<script>";
    html += pageScript();
    html += "</script>\n</body>\n</html>\n";
    return html;
}

} // namespace jitscope::report

#ifndef GUANXI_GRAPH_TEXT_DECLARATION_PRINTER_H_
#define GUANXI_GRAPH_TEXT_DECLARATION_PRINTER_H_

#include <string>

#include "graph/model/schema.h"

namespace guanxi::text {

// A declaration in canonical form: what is as it would be unsaid is left out.
std::string PrintDeclaration(const Declaration& declaration);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_DECLARATION_PRINTER_H_

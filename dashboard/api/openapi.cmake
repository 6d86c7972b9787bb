# Makes api/openapi.json a constant of the program: the contract that is served is the file that is tested. Its bytes are
# taken in by the assembler, since it is longer than a string literal may be.
file(SIZE ${OPENAPI} size)
file(WRITE ${OUT} "#include <cstddef>
#include <string_view>

asm(
  \".pushsection .rodata.mmm_openapi,\\\"a\\\",%progbits\\n\"
  \".globl mmm_openapi_document\\n\"
  \".hidden mmm_openapi_document\\n\"
  \"mmm_openapi_document:\\n\"
  \"  .incbin \\\"${OPENAPI}\\\"\\n\"
  \".popsection\\n\");
extern \"C\" const char mmm_openapi_document[];

namespace mmm::dashboard {
extern const std::string_view kOpenApiDocument;
const std::string_view kOpenApiDocument(mmm_openapi_document, ${size});
}  // namespace mmm::dashboard
")

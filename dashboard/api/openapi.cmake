# Makes api/openapi.json a constant of the program: the contract that is served is the file that is tested.
file(READ ${OPENAPI} text)
file(WRITE ${OUT} "#include <string_view>\n\nnamespace mmm::dashboard {\nextern const std::string_view kOpenApiDocument;\nconst std::string_view kOpenApiDocument = R\"openapi(${text})openapi\";\n}  // namespace mmm::dashboard\n")

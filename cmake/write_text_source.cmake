# Run by mmm_embed_text().
file(READ ${FILE} text)
file(WRITE ${OUT} "#include <string_view>

namespace ${NAMESPACE} {
extern const std::string_view ${CONSTANT};
const std::string_view ${CONSTANT} = R\"text(${text})text\";
}  // namespace ${NAMESPACE}
")

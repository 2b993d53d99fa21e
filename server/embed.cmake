# cmake -DIN=FILE -DOUT=FILE.cc -P embed.cmake: writes the text of IN as
# guanxi::server::kSeedSchema.
file(READ ${IN} text)
# Pieces, because compilers bound the length of one literal; CMake's matching
# counts bytes here, which may cut a character in two without harm.
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 4000 piece)
  string(APPEND pieces "R\"kg(${piece})kg\"\n    ")
  math(EXPR at "${at} + 4000")
endwhile()
file(WRITE ${OUT} "#include \"server/seed_schema.h\"

namespace guanxi::server {

extern const absl::string_view kSeedSchema;
const absl::string_view kSeedSchema =
    ${pieces};

}  // namespace guanxi::server
")

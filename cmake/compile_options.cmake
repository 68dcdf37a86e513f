# Line tables are enough for a stack trace, and keep objects and the ccache small. Our ASSERT stays on in every build.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

add_library(usher_options INTERFACE)
target_compile_options(usher_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wconversion -Werror
  -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  # Members left out of a designated initializer have their defaults, which g++ takes as meant. Clang 19 blames
  # std::stable_sort of GCC 12's library for what that library marks as deprecated; g++ still tells us about our own.
  target_compile_options(usher_options INTERFACE -Wno-missing-designated-field-initializers -Wno-deprecated-declarations)
endif()
target_include_directories(usher_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

if(USHER_SANITIZE)
  add_compile_options(-fsanitize=${USHER_SANITIZE} -fno-sanitize-recover=all -O1)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=${USHER_SANITIZE})
else()
  # Hardening that costs next to nothing; see docs/decisions/ for what was measured.
  add_compile_options(-fPIE -fstack-protector-strong -fcf-protection=full)
  add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
if(USHER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

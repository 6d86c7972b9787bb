# Builds for arm64 on another machine: clang, lld and a sysroot (ops/make-sysroot), named by -D MMM_SYSROOT=DIR or the
# environment variable MMM_SYSROOT. Programs of the build itself (protoc, npm) are this machine's.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

if(NOT MMM_SYSROOT)
  set(MMM_SYSROOT $ENV{MMM_SYSROOT})
endif()
# CMake reads this file again for its checks of the compiler, which do not know the cache.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MMM_SYSROOT)
if(NOT EXISTS ${MMM_SYSROOT}/usr/lib/aarch64-linux-gnu)
  message(FATAL_ERROR "MMM_SYSROOT='${MMM_SYSROOT}' holds no libraries for arm64: make it with ops/make-sysroot DIR and "
    "configure with -D MMM_SYSROOT=DIR")
endif()
set(CMAKE_SYSROOT ${MMM_SYSROOT})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_CXX_COMPILER_TARGET aarch64-linux-gnu)
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
set(CMAKE_SHARED_LINKER_FLAGS_INIT -fuse-ld=lld)
find_program(CMAKE_STRIP NAMES aarch64-linux-gnu-strip llvm-strip-19)

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_LIBDIR} ${MMM_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${MMM_SYSROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${MMM_SYSROOT})

// Empty: carries the precompiled header that module.cmake describes.

# What an installation holds, and the Debian packages of it: a component for each program, made by cpack (ops/package does
# all of it). Files of theirs are in ops/debian, ops/systemd, ops/completion and docs/man.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(MMM_PACKAGE_MAINTAINER "The MeshyMcMapface developers <meshymcmapface@users.noreply.github.com>" CACHE STRING
  "Who stands in the packages as their maintainer")
set(MMM_PACKAGES ${PROJECT_BINARY_DIR}/packages)
set(mmm_debian ${PROJECT_SOURCE_DIR}/ops/debian)

# mmm_sample_config(FROM TO OLD NEW …): the programs' sample with lines changed for an installed program. A line that is no
# longer there is an error: the file would be wrong without a word.
function(mmm_sample_config from to)
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${from})
  file(READ ${from} text)
  while(ARGN)
    list(POP_FRONT ARGN old new)
    string(FIND "${text}" "\n${old}\n" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${from} has no line '${old}', which the package's ${to} replaces: mend cmake/packages.cmake")
    endif()
    string(REPLACE "\n${old}\n" "\n${new}\n" text "${text}")
  endwhile()
  file(WRITE ${to} "${text}")
endfunction()

# The licence in the form of Debian's copyright files: indented, a dot for an empty line.
function(mmm_debian_licence out)
  file(READ ${PROJECT_SOURCE_DIR}/LICENSE text)
  string(REGEX REPLACE "^.*\n(Permission is hereby)" "\\1" text "${text}")
  string(STRIP "${text}" text)
  string(REGEX REPLACE "\n\n" "\n.\n" text "${text}")
  string(REGEX REPLACE "\n" "\n " text " ${text}")
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# mmm_debian_files(PROGRAM): copyright, changelog, manual page, completions.
function(mmm_debian_files program)
  set(made ${MMM_PACKAGES}/${program})
  set(PROGRAM ${program})
  mmm_debian_licence(EXPAT_TEXT)
  configure_file(${mmm_debian}/copyright.in ${made}/copyright @ONLY)
  # SOURCE_DATE_EPOCH, when it is set, makes this the same each time.
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  file(WRITE ${made}/changelog "${program} (${PROJECT_VERSION}) bookworm; urgency=medium\n\n"
    "  * Release ${PROJECT_VERSION}.\n\n -- ${MMM_PACKAGE_MAINTAINER}  ${date}\n")
  foreach(text IN ITEMS ${made}/changelog ${PROJECT_SOURCE_DIR}/docs/man/${program}.1)
    get_filename_component(name ${text} NAME)
    execute_process(COMMAND gzip -9nc ${text} OUTPUT_FILE ${made}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${text})
  endforeach()
  install(FILES ${made}/copyright ${made}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${program} COMPONENT ${program})
  install(FILES ${made}/${program}.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${program})
  set(completion ${PROJECT_SOURCE_DIR}/ops/completion)
  install(FILES ${completion}/mmm.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${program}
    COMPONENT ${program})
  install(FILES ${completion}/mmm.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _${program}
    COMPONENT ${program})
  install(FILES ${completion}/mmm.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d RENAME ${program}.fish
    COMPONENT ${program})
endfunction()

# mmm_service(PROGRAM ROLE ENABLE NEXT_STEP): the unit, its configuration and the scripts that dpkg runs. ENABLE: yes, or no
# for what cannot run before somebody has configured it.
function(mmm_service program role enable next_step)
  set(made ${MMM_PACKAGES}/${program})
  set(PROGRAM ${program})
  set(ROLE ${role})
  set(ENABLE ${enable})
  set(NEXT_STEP "${next_step}")
  foreach(script postinst prerm postrm)
    configure_file(${mmm_debian}/${script}.in ${made}/${script} @ONLY
      FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endforeach()
  configure_file(${mmm_debian}/lintian-overrides.in ${made}/lintian-overrides @ONLY)
  install(FILES ${made}/lintian-overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ${program}
    COMPONENT ${program})
  file(WRITE ${made}/conffiles "/etc/meshymcmapface/${role}.ini\n")
  install(FILES ${made}/${role}.ini DESTINATION /etc/meshymcmapface COMPONENT ${program}
    PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
  install(FILES ${PROJECT_SOURCE_DIR}/ops/systemd/${program}.service DESTINATION /lib/systemd/system COMPONENT ${program})
  install(FILES ${mmm_debian}/README.${role} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${program} RENAME README.Debian
    COMPONENT ${program})
  string(TOUPPER ${program} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA
    "${made}/conffiles;${made}/postinst;${made}/prerm;${made}/postrm" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "adduser, init-system-helpers (>= 1.54~)" PARENT_SCOPE)
endfunction()

set(programs mmm-server mmm-agent mmm-sim)
foreach(program ${programs})
  install(TARGETS ${program} DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${program})
  mmm_debian_files(${program})
endforeach()
mmm_sample_config(${PROJECT_SOURCE_DIR}/ingest/sample_config.ini ${MMM_PACKAGES}/mmm-server/server.ini
  "data_dir = data" "data_dir = /var/lib/meshymcmapface/server")
mmm_sample_config(${PROJECT_SOURCE_DIR}/agent/sample_config.ini ${MMM_PACKAGES}/mmm-agent/agent.ini
  "database_dir = ." "database_dir = /var/lib/meshymcmapface/agent"
  "# database_path = ./my-site_agent_buffer.db" "# database_path = /var/lib/meshymcmapface/agent/my-site_agent_buffer.db")
mmm_service(mmm-server server yes
  "mmm-server: the pages are at http://localhost:8082/; /usr/share/doc/mmm-server/README.Debian has the next steps.")
mmm_service(mmm-agent agent no
  "mmm-agent is not started: put radio, url and api_key into /etc/meshymcmapface/agent.ini, then systemctl enable --now mmm-agent.")
install(FILES ${PROJECT_SOURCE_DIR}/ops/systemd/bluetooth.conf
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mmm-agent/examples COMPONENT mmm-agent)

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_DIRECTORY ${MMM_PACKAGES})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${programs})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${MMM_PACKAGE_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(CMAKE_CROSSCOMPILING)
  # What the programs link is in the sysroot, of which this machine's dpkg knows nothing.
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
  file(WRITE ${MMM_PACKAGES}/cross.cmake
    "set(ENV{MMM_SYSROOT} [[${CMAKE_SYSROOT}]])\nset(SHLIBDEPS_EXECUTABLE [[${PROJECT_SOURCE_DIR}/ops/arm64/dpkg-shlibdeps]])\n")
  set(CPACK_PROJECT_CONFIG_FILE ${MMM_PACKAGES}/cross.cmake)
endif()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_MMM-SERVER_PACKAGE_NAME mmm-server)
set(CPACK_DEBIAN_MMM-AGENT_PACKAGE_NAME mmm-agent)
set(CPACK_DEBIAN_MMM-SIM_PACKAGE_NAME mmm-sim)
# Without it https to other machines is refused, which a mesh in one house does not need.
set(CPACK_DEBIAN_MMM-SERVER_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_MMM-AGENT_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_MMM-AGENT_PACKAGE_SUGGESTS bluez)
set(CPACK_COMPONENT_MMM-SERVER_DESCRIPTION
  "server that keeps and shows what the agents of a Meshtastic mesh upload
 Takes the packets that agents beside Meshtastic radios record, keeps them
 as they came, and shows the mesh in the browser: who is where, who hears
 whom and how well, what was said, and what goes wrong.")
set(CPACK_COMPONENT_MMM-AGENT_DESCRIPTION
  "recorder of what a Meshtastic radio hears
 Runs beside a Meshtastic radio on USB, TCP or Bluetooth, keeps every packet
 that it hears through power cuts and lost uplinks, and brings each to one or
 more servers (package mmm-server).")
set(CPACK_COMPONENT_MMM-SIM_DESCRIPTION
  "simulator of Meshtastic radios and fleets of agents
 Plays radios of a simulated mesh on TCP ports and serial lines, and fleets
 of agents against a server, to try and measure mmm-agent and mmm-server
 without a radio.")
include(CPack)

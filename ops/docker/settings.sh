# Sourced by ops/fleet: what .env says of the deployment in this folder.
# shellcheck shell=bash

# setting NAME: its value in .env, the last one as Compose reads it.
setting() { sed -n "s/^$1=//p" .env | tail -n 1; }

# set_setting NAME VALUE
set_setting() {
  local text
  text=$(NAME=$1 VALUE=$2 awk 'BEGIN { start = ENVIRON["NAME"] "=" }
    index($0, start) == 1 || index($0, "# " start) == 1 { if (!done) print start ENVIRON["VALUE"]; done = 1; next }
    { print }
    END { if (!done) print start ENVIRON["VALUE"] }' .env)
  printf '%s\n' "$text" >.env.new
  chmod --reference .env .env.new
  mv .env.new .env
}

need_env() {
  [ -f .env ] || die "there is no .env in $PWD: ops/fleet init makes it"
  deployment >/dev/null
}

# single, multi-agent or agent: by the first of the Compose files.
deployment() {
  case $(setting COMPOSE_FILE) in
    docker-compose.yml*) echo single ;;
    docker-compose.multi-agent.yml*) echo multi-agent ;;
    docker-compose.agent.yml*) echo agent ;;
    *) die "COMPOSE_FILE in .env begins with none of docker-compose.yml, docker-compose.multi-agent.yml, docker-compose.agent.yml: correct it" ;;
  esac
}

# The deployment's agents as "DATA-FOLDER CONFIGURATION SECRET".
agents() {
  case $(deployment) in
    multi-agent)
      echo "agent-001 agent-001-config.ini agent-001_api_key"
      echo "agent-002 agent-002-config.ini agent-002_api_key"
      ;;
    *) echo "agent multi_agent_config.ini agent_api_key" ;;
  esac
}

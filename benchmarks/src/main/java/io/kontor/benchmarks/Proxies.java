package io.kontor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Well-known proxies in front of one node, as a deployment without the gateway would use them. */
final class Proxies {
  private static final String NGINX =
      """
      daemon off;
      pid %1$s/nginx.pid;
      worker_processes %2$d;
      events { worker_connections 2048; }
      http {
        access_log off;
        client_body_temp_path %1$s/body;
        proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi;
        uwsgi_temp_path %1$s/uwsgi;
        scgi_temp_path %1$s/scgi;
        keepalive_requests 1000000000;
        upstream node { server 127.0.0.1:%3$d; keepalive 256; }
        server {
          listen 127.0.0.1:%4$d;
          location / {
            proxy_pass http://node;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $remote_addr;
          }
        }
      }
      """;

  private static final String HAPROXY =
      """
      global
        nbthread %1$d
      defaults
        mode http
        timeout connect 2s
        timeout client 60s
        timeout server 60s
        http-reuse always
      frontend clients
        bind 127.0.0.1:%3$d
        option forwardfor
        default_backend node
      backend node
        server one 127.0.0.1:%2$d
      """;

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private Proxies() {}

  /** Empty where it is not installed. */
  static Optional<ServerProcess> nginx(Path folder, int node)
      throws IOException, InterruptedException {
    Optional<Path> program = installed("nginx");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = ServerEnvironment.freePort();
    Path settings =
        Files.writeString(folder.resolve("nginx.conf"), NGINX.formatted(folder, CORES, node, port));
    return Optional.of(
        started(
            List.of(program.get().toString(), "-e", "stderr", "-c", settings.toString()),
            port,
            folder.resolve("nginx.log")));
  }

  /** Empty where it is not installed. */
  static Optional<ServerProcess> haproxy(Path folder, int node)
      throws IOException, InterruptedException {
    Optional<Path> program = installed("haproxy");
    if (program.isEmpty()) {
      return Optional.empty();
    }
    int port = ServerEnvironment.freePort();
    Path settings =
        Files.writeString(folder.resolve("haproxy.cfg"), HAPROXY.formatted(CORES, node, port));
    return Optional.of(
        started(
            List.of(program.get().toString(), "-db", "-f", settings.toString()),
            port,
            folder.resolve("haproxy.log")));
  }

  private static ServerProcess started(List<String> program, int port, Path log)
      throws IOException, InterruptedException {
    return ServerProcess.start(program, port, Map.of(), log);
  }

  private static Optional<Path> installed(String name) {
    Optional<Path> found =
        Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin"))
            .map(folder -> Path.of(folder, name))
            .filter(Files::isExecutable)
            .findFirst();
    if (found.isEmpty()) {
      System.err.printf("bench: %s is not installed: its row is left out%n", name);
    }
    return found;
  }
}

package io.kontor.gateway.node;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each node again and again whether it is ready and by which id it owns streams, on a thread
 * of its own.
 */
public final class NodeHealthChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeHealthChecks.class);
  private static final String READINESS = "/actuator/health/readiness";
  private static final String OWNER_ID = "Kontor-Node";
  private static final int OK = 200;

  private final HttpClient http;
  private final Duration interval;
  private final List<Thread> threads;

  /**
   * @param interval between two checks of a node, and the time limit of one
   */
  public NodeHealthChecks(NodeGroups groups, HttpClient http, Duration interval) {
    this.http = http;
    this.interval = interval;
    this.threads =
        groups.nodes().stream()
            .map(node -> Thread.ofVirtual().name("node-health").unstarted(() -> watch(node)))
            .toList();
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  private void watch(Node node) {
    try {
      while (true) {
        check(node);
        Thread.sleep(interval);
      }
    } catch (InterruptedException closed) {
      LOG.debug("health checks ended node={}", node);
    }
  }

  private void check(Node node) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(node.url().resolve(READINESS)).timeout(interval).build();
      HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
      if (answer.statusCode() == OK) {
        node.ready(answer.headers().firstValue(OWNER_ID).orElse(null));
        return;
      }
    } catch (IOException | RuntimeException failure) {
      LOG.debug("health check failed node={}", node, failure);
    }
    node.checked(false);
  }
}

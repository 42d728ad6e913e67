package io.kontor.gateway.proxy;

import io.kontor.gateway.node.Node;
import io.kontor.gateway.node.NodeGroup;
import io.kontor.gateway.node.NodeGroups;
import io.kontor.limits.RequestCost;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.BodySizeLimitFilter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Sends a request to a node of its route's group. What was not sent, or may be repeated, goes to
 * another node when the first one is lost. It stands in for the exchange of Spring Cloud Gateway,
 * whose requests are copied with their headers and parameters, of which nothing is used here.
 */
public final class NodeProxyExchange {
  /** Counts requests by group, tenant and status. */
  public static final String REQUESTS = "kontor.gateway.requests";

  private static final int UNAVAILABLE = HttpStatus.SERVICE_UNAVAILABLE.value();

  /** While the node that was lost may still execute the request, another answers so. */
  private static final int IN_PROGRESS = HttpStatus.CONFLICT.value();

  /** A 503 that took longer comes after a wait of the node's own, which another would repeat. */
  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private static final Duration PAUSE_WHILE_IN_PROGRESS = Duration.ofMillis(250);
  private static final int MOST_PAUSES = 40;

  /** Of a stream: events have a heartbeat, and a line over its limit waits for the next minute. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(90);

  private final NodeGroups groups;
  private final ProxySettings settings;
  private final NodeClient nodes;
  private final LineStreams lines;
  private final RetryBudget budget;
  private final BodyBudget bodies;
  private final BodyBudget bodiesOfPages;
  private final SecurityProblemHandler problems;
  private final MeterProvider<Counter> attempts;
  private final MeterProvider<Counter> requests;

  public NodeProxyExchange(
      NodeGroups groups,
      ProxySettings settings,
      HttpClient http,
      SecurityProblemHandler problems,
      MeterRegistry meters) {
    this.groups = groups;
    this.settings = settings;
    this.nodes = new NodeClient(http, LONGEST_SILENCE);
    this.lines = new LineStreams(settings.connectTimeout(), LONGEST_SILENCE, settings.attempts());
    this.budget = new RetryBudget(settings.retryPercent());
    this.bodies = new BodyBudget(settings.bodyMemory());
    this.bodiesOfPages = new BodyBudget(settings.pageBodyMemory());
    this.problems = problems;
    this.attempts = Counter.builder("kontor.gateway.attempts").withRegistry(meters);
    this.requests = Counter.builder(REQUESTS).withRegistry(meters);
  }

  /** Answers a client's request by a node of the group. */
  public ServerResponse exchange(NodeGroup group, HttpServletRequest http) {
    try {
      ServerResponse answer =
          BodySizeLimitFilter.isStream(http) ? stream(group, http) : request(group, http);
      count(group, http, answer.statusCode());
      return answer;
    } catch (ProblemException problem) {
      count(group, http, problem.status());
      return ServerResponse.status(problem.status())
          .build(
              (client, response) -> {
                problems.write(problem, client, response);
                return null;
              });
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("the gateway stops"));
    } catch (IOException clientGone) {
      throw new UncheckedIOException(clientGone);
    }
  }

  private ServerResponse stream(NodeGroup group, HttpServletRequest http) throws IOException {
    var forwarded = ForwardedRequest.withoutBody(http);
    new Exchanged(null, forwarded.tenant()).keepIn(http);
    return lines.exchange(group, forwarded, http);
  }

  private ServerResponse request(NodeGroup group, HttpServletRequest http)
      throws IOException, InterruptedException {
    if (ForwardedRequest.isRead(http.getMethod())) {
      return send(group, ForwardedRequest.withoutBody(http), http);
    }
    BodyBudget budgetOfBodies = ForwardedRequest.isPage(http) ? bodiesOfPages : bodies;
    try (BodyBudget.Share memory = budgetOfBodies.share()) {
      var forwarded = ForwardedRequest.of(http, memory.read(http));
      RequestCost.of(http).add(forwarded.cost() - 1);
      return send(group, forwarded, http);
    }
  }

  private ServerResponse send(NodeGroup group, ForwardedRequest forwarded, HttpServletRequest http)
      throws IOException, InterruptedException {
    var sending = new Sending(group, forwarded);
    try {
      return passOn(sending.send());
    } finally {
      new Exchanged(sending.lastNode(), forwarded.tenant()).keepIn(http);
    }
  }

  private void count(NodeGroup group, HttpServletRequest http, HttpStatusCode status) {
    Exchanged exchanged = Exchanged.of(http);
    String tenant = exchanged == null ? null : exchanged.tenant();
    requests
        .withTags(
            "group",
            group.name(),
            "tenant",
            tenant == null ? "none" : tenant,
            "status",
            status.value() / 100 + "xx")
        .increment();
  }

  /**
   * Asks a node of a group, or another when that one is lost, with what a client has sent.
   *
   * @param path a valid path
   * @param token the client's token or API key
   * @param address the client's IP address; null where no request of it waits
   * @return what the node answers, whatever its status
   * @throws ProblemException when no node answers
   */
  public Reply get(String group, String path, String token, @Nullable String address) {
    try (NodeAnswer answer =
        new Sending(groups.get(group), ForwardedRequest.get(path, token, address)).send()) {
      return answer.reply();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("the gateway stops"));
    } catch (IOException lost) {
      throw new UncheckedIOException(lost);
    }
  }

  /**
   * A node's answer to the gateway.
   *
   * @param body empty where it is too long for an answer to a question of the gateway
   */
  public record Reply(int status, @Nullable String retryAfter, String body) {}

  private static ServerResponse passOn(NodeAnswer answer) {
    return new ClosingResponse(
        ServerResponse.status(answer.status())
            .headers(answer::copyHeaders)
            .build(
                (client, response) -> {
                  answer.writeBody(response);
                  return null;
                }),
        answer);
  }

  /** One request until its answer, over as many attempts as it takes and may have. */
  private final class Sending {
    private final NodeGroup group;
    private final ForwardedRequest request;
    private final Duration timeout;
    private final @Nullable String stream;
    private final Set<Node> tried = new HashSet<>();
    private Supplier<ProblemException> failure = Sending::unreached;
    private @Nullable NodeAnswer unavailable;
    private @Nullable Node lastNode;
    private boolean mayHaveBeenExecuted;

    Sending(NodeGroup group, ForwardedRequest request) {
      this.group = group;
      this.request = request;
      this.timeout = request.isRead() ? settings.readTimeout() : settings.writeTimeout();
      this.stream = request.stream();
    }

    /** Host and port; null when none was asked. */
    @Nullable String lastNode() {
      return lastNode == null ? null : lastNode.url().getAuthority();
    }

    NodeAnswer send() throws IOException, InterruptedException {
      budget.deposit();
      NodeAnswer answer = attempt();
      for (int i = 1; answer == null && i < settings.attempts() && mayGoOn(); i++) {
        answer = attempt();
      }
      if (answer != null) {
        return answer;
      }
      if (unavailable != null) {
        return unavailable;
      }
      throw failure.get();
    }

    private boolean mayGoOn() {
      return (request.isRepeatable() || !mayHaveBeenExecuted)
          && tried.size() < group.nodes().size()
          && budget.tryWithdraw();
    }

    /** The answer to pass on; null where another node should be asked. */
    private @Nullable NodeAnswer attempt() throws IOException, InterruptedException {
      Optional<Node> chosen = group.choose(tried, stream);
      if (chosen.isEmpty()) {
        return null;
      }
      Node node = chosen.get();
      tried.add(node);
      lastNode = node;
      long begun = System.nanoTime();
      try {
        NodeAnswer answer = nodes.send(node, request, timeout);
        count(node, "answered");
        return considered(node, answer, begun);
      } catch (ConnectException | HttpConnectTimeoutException notSent) {
        count(node, "unreached");
      } catch (HttpTimeoutException late) {
        count(node, "timeout");
        mayHaveBeenExecuted = true;
        failure = Sending::late;
      } catch (IOException lost) {
        count(node, "lost");
        mayHaveBeenExecuted = true;
        failure = Sending::lost;
      }
      return null;
    }

    private @Nullable NodeAnswer considered(Node node, NodeAnswer answer, long begun)
        throws IOException, InterruptedException {
      NodeAnswer settled = answer;
      for (int i = 0; isStillInProgress(settled) && i < MOST_PAUSES; i++) {
        Thread.sleep(PAUSE_WHILE_IN_PROGRESS);
        settled.close();
        settled = nodes.send(node, request, timeout);
      }
      boolean isAtOnce = System.nanoTime() - begun < AT_ONCE.toNanos();
      if (settled.status() == UNAVAILABLE && isAtOnce && request.isRepeatable()) {
        close(unavailable);
        unavailable = settled;
        return null;
      }
      close(unavailable);
      return settled;
    }

    /** Only after a lost attempt of ours; otherwise it is the client's to wait. */
    private boolean isStillInProgress(NodeAnswer answer) {
      return mayHaveBeenExecuted && answer.status() == IN_PROGRESS && answer.saysRetryLater();
    }

    private void count(Node node, String outcome) {
      attempts
          .withTags("group", group.name(), "node", node.url().getAuthority(), "outcome", outcome)
          .increment();
    }

    private static void close(@Nullable NodeAnswer answer) throws IOException {
      if (answer != null) {
        answer.close();
      }
    }

    private static ProblemException unreached() {
      return ProblemException.tryAgain(
          ProblemType.NODE_UNAVAILABLE, "no node took the request; it was not executed");
    }

    private static ProblemException lost() {
      return ProblemException.tryAgain(
          ProblemType.NODE_UNAVAILABLE,
          "the connection to the node was lost; the request may have been executed");
    }

    private static ProblemException late() {
      return new ProblemException(
          ProblemType.NODE_TIMEOUT,
          "the node did not answer in time; the request may have been executed");
    }
  }
}

package io.kontor.notifications.web;

import io.kontor.limits.RateLimits;
import io.kontor.notifications.store.Ticket;
import io.kontor.notifications.store.TicketStore;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Puts the token in place of the ticket that a browser sends with a WebSocket, before the token is
 * verified as every other is. A ticket costs a statement, so it is counted like a request without a
 * token until it is known to be good.
 */
final class TicketFilter extends OncePerRequestFilter {
  private final TicketStore tickets;
  private final RateLimits limits;
  private final SecurityProblemHandler problems;

  TicketFilter(TicketStore tickets, RateLimits limits, SecurityProblemHandler problems) {
    this.tickets = tickets;
    this.limits = limits;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<String> ticket =
        NotificationSockets.isMeantBy(request)
            ? NotificationSockets.ticketOf(request)
            : Optional.empty();
    if (ticket.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    String token;
    try {
      token = redeem(ticket.get(), request.getRemoteAddr());
    } catch (ProblemException refused) {
      problems.write(refused, request, response);
      return;
    }
    chain.doFilter(new WithToken(request, token), response);
  }

  /**
   * @throws ProblemException (401) when the ticket is not valid, (429) when there were too many
   */
  private String redeem(String ticket, String address) {
    limits.admit(address);
    String token =
        Ticket.parse(ticket)
            .flatMap(tickets::redeem)
            .orElseThrow(
                () ->
                    new ProblemException(
                            ProblemType.UNAUTHORIZED,
                            "the ticket was used, has expired, or was never issued")
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer"));
    limits.giveBack(address);
    return token;
  }

  private static final class WithToken extends HttpServletRequestWrapper {
    private final String authorization;

    WithToken(HttpServletRequest request, String token) {
      super(request);
      this.authorization = "Bearer " + token;
    }

    @Override
    public @Nullable String getHeader(String name) {
      return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name)
          ? authorization
          : super.getHeader(name);
    }
  }
}

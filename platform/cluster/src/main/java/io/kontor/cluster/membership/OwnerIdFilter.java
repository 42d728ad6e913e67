package io.kontor.cluster.membership;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Adds the id by which this node owns streams to its answers, so that a gateway can send a command
 * to the owner of its stream.
 */
public final class OwnerIdFilter implements Filter {
  private static final String HEADER = "Kontor-Node";

  private final ClusterMembership nodes;

  public OwnerIdFilter(ClusterMembership nodes) {
    this.nodes = nodes;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (response instanceof HttpServletResponse http) {
      nodes.ownerId().ifPresent(id -> http.setHeader(HEADER, id.toString()));
    }
    chain.doFilter(request, response);
  }
}

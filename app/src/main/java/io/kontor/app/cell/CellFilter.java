package io.kontor.app.cell;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.problem.SecurityProblemHandler;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The last filter, and the one place that decides which database serves a request: the cell of the
 * bound tenant. Operators and other nodes, who are of no tenant, name the cell in a header.
 */
final class CellFilter extends OncePerRequestFilter {
  private static final String ADMIN = "/v1/admin/";
  private static final String NODES = "/internal/";
  private static final String API = "/v1/";

  private final TenantRegistry tenants;
  private final Cells cells;
  private final SecurityProblemHandler problems;

  CellFilter(TenantRegistry tenants, Cells cells, SecurityProblemHandler problems) {
    this.tenants = tenants;
    this.cells = cells;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<TenantId> tenant;
    try {
      tenant = tenantWithCell(request);
    } catch (ProblemException refused) {
      problems.write(refused, request, response);
      return;
    }
    if (tenant.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    Optional<Cell> cell = tenant.flatMap(cells::find);
    if (cell.isPresent()) {
      cell.get().serve(request, response);
    } else {
      problems.write(unavailable(), request, response);
    }
  }

  private Optional<TenantId> tenantWithCell(HttpServletRequest request) {
    String path = request.getRequestURI();
    if (TenantContext.find().isPresent()) {
      return path.startsWith(API) ? TenantContext.find().filter(this::hasCell) : Optional.empty();
    }
    String named = request.getHeader(KontorHeaders.CELL);
    if (named == null || !(path.startsWith(ADMIN) || path.startsWith(NODES))) {
      return Optional.empty();
    }
    return Optional.of(named(named));
  }

  private TenantId named(String name) {
    try {
      TenantId tenant = new TenantId(name);
      if (hasCell(tenant)) {
        return tenant;
      }
    } catch (IllegalArgumentException malformed) {
      // no tenant has such a name
    }
    throw ProblemException.invalid(
        KontorHeaders.CELL, "must be the id of a tenant with a database of its own");
  }

  private boolean hasCell(TenantId tenant) {
    return tenants.isolationOf(tenant).filter(TenantIsolation.DATABASE::equals).isPresent();
  }

  private static ProblemException unavailable() {
    return ProblemException.tryAgain(
        ProblemType.DATABASE_UNAVAILABLE, "the tenant's database is not open on this node");
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }
}

package io.kontor.app.cell;

import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantPlace;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The last filter, and the one place that decides which database serves a request: the cell of the
 * bound tenant. Operators and other nodes, who are of no tenant, name the cell in a header.
 */
final class CellFilter extends OncePerRequestFilter {
  private static final String ADMIN = "/v1/admin/";
  private static final String NODES = "/internal/";
  private static final String API = "/v1/";

  /** Who may call, and how often, is one register for all databases. */
  private static final List<String> SHARED = List.of("/v1/api-keys", "/v1/caller", "/v1/tenants/");

  private static final Set<String> READS = Set.of("GET", "HEAD");

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
      serve(tenant.get(), cell.get(), request, response);
    } else {
      problems.write(unavailable("is not open on this node"), request, response);
    }
  }

  private void serve(
      TenantId tenant, Cell cell, HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    HttpServletRequest served = request;
    if (tenants.placeOf(tenant).filter(TenantPlace::hasMoved).isPresent()) {
      try {
        served = PositionsOfCell.known(request, cell);
      } catch (DataAccessException unreachable) {
        problems.write(unavailable("does not answer"), request, response);
        return;
      }
    }
    cell.serve(served, response);
  }

  private Optional<TenantId> tenantWithCell(HttpServletRequest request) {
    String path = request.getRequestURI();
    Optional<TenantId> bound = TenantContext.find();
    if (bound.isPresent()) {
      return path.startsWith(API) && SHARED.stream().noneMatch(path::startsWith)
          ? bound.filter(tenant -> isInCell(tenant, request))
          : Optional.empty();
    }
    String named = request.getHeader(KontorHeaders.CELL);
    if (named == null || !(path.startsWith(ADMIN) || path.startsWith(NODES))) {
      return Optional.empty();
    }
    return Optional.of(named(named));
  }

  private boolean isInCell(TenantId tenant, HttpServletRequest request) {
    Optional<TenantPlace> place = tenants.placeOf(tenant);
    if (place.filter(TenantPlace::isSuspended).isPresent()
        && !READS.contains(request.getMethod())) {
      throw ProblemException.tryAgain(
          ProblemType.STORE_BUSY, "the tenant's data is being moved; try again");
    }
    return place.filter(CellFilter::isCell).isPresent();
  }

  private TenantId named(String name) {
    try {
      TenantId tenant = new TenantId(name);
      if (tenants.placeOf(tenant).filter(CellFilter::isCell).isPresent()) {
        return tenant;
      }
    } catch (IllegalArgumentException malformed) {
      // no tenant has such a name
    }
    throw ProblemException.invalid(
        KontorHeaders.CELL, "must be the id of a tenant with a schema or a database of its own");
  }

  private static boolean isCell(TenantPlace place) {
    return place.isolation().isCell();
  }

  private static ProblemException unavailable(String why) {
    return ProblemException.tryAgain(
        ProblemType.DATABASE_UNAVAILABLE, "the tenant's database " + why);
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }
}

package io.kontor.app.cell;

import io.kontor.tenancy.registry.TenantRegistry;
import io.kontor.web.problem.SecurityProblemHandler;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Routes requests to cells, and reports the cells' health. */
@Configuration(proxyBeanMethods = false)
class CellConfiguration {

  @Bean
  FilterRegistrationBean<CellFilter> cellFilter(
      TenantRegistry tenants, Cells cells, SecurityProblemHandler problems) {
    var registration = new FilterRegistrationBean<>(new CellFilter(tenants, cells, problems));
    registration.setOrder(Ordered.LOWEST_PRECEDENCE);
    return registration;
  }

  @Bean
  CellTag cellTag() {
    return new CellTag();
  }

  @Bean
  MeterBinder cellMetrics(Cells cells) {
    return meters -> {
      Gauge.builder("kontor.cells.open", cells, all -> all.open().size())
          .description("tenants' own databases that this node serves")
          .register(meters);
      Gauge.builder("kontor.cells.failing", cells, all -> all.failures().size())
          .description("tenants' own databases that this node can't open")
          .register(meters);
    };
  }

  /** Not part of readiness: a node whose cells fail serves all other tenants. */
  @Bean
  HealthIndicator cellsHealthIndicator(Cells cells) {
    return () -> {
      Health.Builder health = Health.up();
      cells.failures().forEach((tenant, reason) -> health.down().withDetail(tenant, reason));
      cells.open().forEach((tenant, cell) -> add(health, tenant.value(), cell));
      return health.build();
    };
  }

  private static void add(Health.Builder health, String tenant, Cell cell) {
    cell.parts(HealthIndicator.class)
        .forEach(
            (part, indicator) -> {
              Health found = indicator.health();
              if (found != null && !found.getStatus().equals(Status.UP)) {
                health.down().withDetail(tenant + "." + part, found.getDetails());
              }
            });
  }
}

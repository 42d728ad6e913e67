package io.kontor.query;

import io.kontor.projection.live.ReadModelPositions;
import io.kontor.query.support.ReadGateway;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The query handlers and the HTTP API over them. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class QuerySideConfiguration {

  @Bean
  ReadGateway readGateway(QueryGateway queries, ReadModelPositions readModels) {
    return new ReadGateway(queries, readModels);
  }
}

package io.kontor.query;

import io.kontor.projections.engine.ReadModels;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The query handlers and the HTTP API over them. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class QuerySideConfiguration {

  @Bean
  Questions questions(QueryGateway queries, ReadModels readModels) {
    return new Questions(queries, readModels);
  }
}

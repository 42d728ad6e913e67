package io.kontor.command.datasubject;

import io.kontor.eventstore.aggregate.AggregateRepositories;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.command.Repository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DataSubjectConfiguration {
  static final String REPOSITORY = "dataSubjectRepository";

  @Bean(REPOSITORY)
  Repository<DataSubject> dataSubjectRepository(
      AggregateRepositories streams,
      ParameterResolverFactory parameters,
      HandlerDefinition handlers) {
    return streams.repositoryOf(DataSubject.class, parameters, handlers);
  }
}

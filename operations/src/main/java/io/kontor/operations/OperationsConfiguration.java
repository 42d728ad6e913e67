package io.kontor.operations;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/** The HTTP API of operators and admins. */
@Configuration(proxyBeanMethods = false)
@ComponentScan
public class OperationsConfiguration {}

package io.kontor.command;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The command side as beans: import it. It needs the event store's beans and a {@code JsonMapper}.
 * The HTTP API is on every node.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan("io.kontor.command.web")
@Import(Decisions.class)
public class CommandSideConfiguration {}

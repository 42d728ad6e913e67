package io.kontor.sagas.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.axonframework.modelling.saga.SagaEventHandler;

/** Handles an event of the order's shipment, which holds the order's id as its reference. */
@SagaEventHandler(
    associationProperty = "reference",
    keyName = OrderSaga.ORDER,
    associationResolver = ShipmentAssociationResolver.class)
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface ShipmentEventHandler {}

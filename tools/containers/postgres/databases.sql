-- Databases, each with a role of its own that owns it; nobody else may connect. Run once, when the server's volume is new.
-- The passwords come from the environment: a missing one stops the start here, not later.
-- from apps/*/service.json: databases
\getenv order_password ORDER_DB_PASSWORD
\getenv inventory_password INVENTORY_DB_PASSWORD
\getenv payment_password PAYMENT_DB_PASSWORD
\getenv shipment_password SHIPMENT_DB_PASSWORD
\getenv orchestrator_password ORCHESTRATOR_DB_PASSWORD

CREATE ROLE backstep_order LOGIN PASSWORD :'order_password';
CREATE ROLE backstep_inventory LOGIN PASSWORD :'inventory_password';
CREATE ROLE backstep_payment LOGIN PASSWORD :'payment_password';
CREATE ROLE backstep_shipment LOGIN PASSWORD :'shipment_password';
CREATE ROLE backstep_orchestrator LOGIN PASSWORD :'orchestrator_password';

CREATE DATABASE backstep_order OWNER backstep_order;
CREATE DATABASE backstep_inventory OWNER backstep_inventory;
CREATE DATABASE backstep_payment OWNER backstep_payment;
CREATE DATABASE backstep_shipment OWNER backstep_shipment;
CREATE DATABASE backstep_orchestrator OWNER backstep_orchestrator;

-- Every role may connect everywhere unless PUBLIC is told otherwise; the owner keeps the right as owner.
REVOKE ALL ON DATABASE backstep_order, backstep_inventory, backstep_payment, backstep_shipment, backstep_orchestrator FROM PUBLIC;
-- end of databases
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;

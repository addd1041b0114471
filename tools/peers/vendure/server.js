// The shop's server: Vendure's core on PostgreSQL, told by its environment where and with which secrets.
const { bootstrap, DefaultLogger, LogLevel, dummyPaymentHandler } = require('@vendure/core');

const { PEER_PORT, PEER_SOCKET, PEER_PASSWORD, PEER_COOKIE } = process.env;

bootstrap({
  apiOptions: { port: Number(PEER_PORT), hostname: '127.0.0.1', adminApiPath: 'admin-api', shopApiPath: 'shop-api' },
  authOptions: {
    tokenMethod: ['bearer', 'cookie', 'api-key'],
    superadminCredentials: { identifier: 'superadmin', password: PEER_PASSWORD },
    cookieOptions: { secret: PEER_COOKIE },
    requireVerification: false,
  },
  dbConnectionOptions: { type: 'postgres', synchronize: true, host: PEER_SOCKET, username: 'postgres', database: 'shop' },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Warn }),
}).catch((error) => {
  console.error(error);
  process.exit(1);
});
